/** Exit code 0 while the Tickwire of this container is alive. For a container that speaks TLS: HEALTH_URL=https://… */

const { TICKWIRE_PORT = '9000', HEALTH_URL = `http://127.0.0.1:${TICKWIRE_PORT}/healthz` } = process.env;

fetch(HEALTH_URL).then(
  ({ ok }) => process.exit(ok ? 0 : 1),
  () => process.exit(1),
);
