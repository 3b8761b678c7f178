import { clockTime, shorten } from '../../format.ts';
import { useApp } from '../../frame/app.ts';
import { Panel } from '../../widgets/panel.tsx';
import { type Device, faultOf, unitText } from './fleet.ts';
import { SensorChart } from './sensor-chart.tsx';

/** One device: who it is, what is wrong with it, and each of its sensors over time. */
export function DeviceDetail({ device }: { readonly device: Device }) {
  const { settings } = useApp();
  const { id, model, firmware, lastSeen, metrics, units } = device;
  const faults = [...metrics.values()].flatMap((metric) => {
    const fault = faultOf(metric);
    return fault === undefined ? [] : [`${metric.name}: ${fault}`];
  });
  const numeric = [...metrics.values()].filter(({ value }) => typeof value === 'number' || typeof value === 'boolean');
  return (
    <Panel id="device" title={<bdi>{shorten(id, 60)}</bdi>}>
      <p class="device-line">
        {shorten(model, 40)} · firmware {shorten(firmware, 20)} · last seen {clockTime(lastSeen, settings.zone.value)}
      </p>
      {faults.length > 0 && <p class="fault">{shorten(faults.join(' · '))}</p>}
      {numeric.slice(0, 12).map(({ name }) => (
        <SensorChart key={name} topic={`iot.${id}.m.${name}`} name={name} unit={unitText(units.get(name))} />
      ))}
      {numeric.length === 0 && <p class="note">It has not sent any reading yet.</p>}
    </Panel>
  );
}
