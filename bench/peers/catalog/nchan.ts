/** nginx with nchan: subscribers over WebSocket, and the publisher, too: cheaper for it than a request each. */

import { writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { maskedFrame, openRawSubscriber } from '../../support/raw-subscriber.ts';
import { type Broker, topicName } from '../peer.ts';
import { StrideReader } from '../stride-reader.ts';
import { programVersion } from '../versions.ts';

const path = '/usr/sbin/nginx';
const nchanModule = '/usr/lib/nginx/modules/ngx_nchan_module.so';

export const nchan: Broker = {
  name: 'nchan',
  title: 'nginx + nchan',
  kind: 'broker',
  offers:
    'sits in the web server that is there anyway, keeps recent messages for those who return, and can keep them in Redis.',
  program: { path, packages: ['nginx', 'libnginx-mod-nchan'], loads: nchanModule },
  version: async () => `nginx ${await programVersion(path, '-v')}`,
  joining: { path: '/subscribe', hello: [] },
  reader: (payloadBytes) => new StrideReader({ recordBytes: payloadBytes, stampAt: 0 }),
  async configure(folder, { subscribers }) {
    const file = join(folder, 'nginx.conf');
    await writeFile(file, configuration(folder, subscribers));
    return ['-c', file, '-e', join(folder, 'error.log')];
  },
  async connect({ subscribers }) {
    const { socket } = await openRawSubscriber({ port: subscribers, path: '/publish' }, []);
    return (payloads) => {
      socket.write(Buffer.concat(payloads.map((payload) => maskedFrame(Buffer.from(payload)))));
    };
  },
};

function configuration(folder: string, port: number): string {
  return `
load_module ${nchanModule};
${userInfo().uid === 0 ? 'user root;' : ''}
daemon off;
worker_processes 1;
worker_rlimit_nofile 16384;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 8192; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  tcp_nodelay on;
  server {
    listen 127.0.0.1:${port};
    location = /subscribe {
      nchan_subscriber websocket;
      nchan_channel_id ${topicName};
      nchan_subscriber_first_message newest;
    }
    location = /publish {
      nchan_publisher websocket;
      nchan_channel_id ${topicName};
      nchan_message_buffer_length 4096;
      nchan_message_timeout 10s;
    }
  }
}
`;
}
