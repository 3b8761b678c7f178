// node examples/node/watch.mjs 'market.sim.*.quote' [ws://127.0.0.1:9000]
import { connect } from 'tickwire/client';

const [pattern = 'host.>', url = 'ws://127.0.0.1:9000'] = process.argv.slice(2);
const client = connect(url);

client.on('state', ({ name }) => console.error(`connection: ${name}`));
client.on('error', ({ message }) => console.error(`error: ${message}`));
client.on('gap', ({ topic, fromSeq, toSeq }) => console.error(`lost of ${topic}: ${fromSeq} to ${toSeq}`));
client.on('skipped', ({ topic, count, reason }) => console.error(`left out of ${topic}: ${count} (${reason})`));

const subscription = client.subscribe(pattern, { maxRate: 2 });
process.once('SIGINT', () => subscription.unsubscribe()); // ends the loop

for await (const message of subscription) {
  if (message.type === 'value') console.log(message.topic, JSON.stringify(message.data));
}
client.close();
