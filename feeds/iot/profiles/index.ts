import type { Profile } from '../profile.ts';
import { airQuality } from './air-quality.ts';
import { meter } from './meter.ts';
import { pump } from './pump.ts';
import { pv } from './pv.ts';
import { room } from './room.ts';
import { tank } from './tank.ts';
import { truck } from './truck.ts';

/** Every kind of device, in the order in which a site gets them. To add one: write a file here, append it. */
export const profiles: readonly Profile[] = [room, pv, meter, pump, tank, truck, airQuality];
