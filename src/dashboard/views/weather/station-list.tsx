import { useRef } from 'preact/hooks';
import { fixed, none, shorten } from '../../format.ts';
import { useApp } from '../../frame/app.ts';
import { moveAlong } from '../../frame/keys.ts';
import type { Tap } from '../../link/tap.ts';
import { windName } from './observation.ts';
import type { StationMapProps } from './station-map.tsx';

/** The same stations as a table; one that fell silent is greyed. */
export function StationList({
  stations,
  observations,
  chosen,
  tap,
}: StationMapProps & { readonly tap: Tap | undefined }) {
  const { address, search, beat } = useApp();
  beat.value; // stations fall silent by themselves
  const body = useRef<HTMLTableSectionElement>(null);
  const needle = search.value.trim().toLowerCase();
  const shown = [...stations.values()]
    .filter(({ id, name }) => `${id} ${name}`.toLowerCase().includes(needle))
    .sort((a, b) => byName.compare(a.name, b.name))
    .slice(0, maxRows);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows move between the buttons inside, which take the focus
    <div
      class="scroll"
      onKeyDown={(event) => {
        if (body.current !== null) moveAlong(event, body.current);
      }}
    >
      <table>
        <thead>
          <tr>
            <th scope="col">Station</th>
            <th scope="col" class="number">
              °C
            </th>
            <th scope="col" class="number">
              %
            </th>
            <th scope="col" class="number">
              Wind m/s
            </th>
            <th scope="col" class="number">
              hPa
            </th>
            <th scope="col">Sky</th>
          </tr>
        </thead>
        <tbody ref={body}>
          {shown.map(({ id, name, network }) => {
            const seen = observations.get(id);
            return (
              <tr
                key={id}
                class={id === chosen ? 'chosen' : undefined}
                data-quality={tap?.qualityOf(`weather.${network}.${id}.obs`)}
              >
                <th scope="row">
                  <button
                    type="button"
                    class="link"
                    data-item={id}
                    aria-current={id === chosen ? 'true' : undefined}
                    onClick={() => address.go({ item: id })}
                  >
                    <bdi>{shorten(name, 24)}</bdi>
                  </button>
                </th>
                <td class="number">{fixed(seen?.celsius, 1)}</td>
                <td class="number">{fixed(seen?.humidity, 0)}</td>
                <td class="number">
                  {fixed(seen?.windMs, 1)}{' '}
                  <span class="faint wind-name">{seen === undefined ? none : windName(seen.windFromDeg)}</span>
                </td>
                <td class="number">{fixed(seen?.hPa, 0)}</td>
                <td>{seen?.sky}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {shown.length === 0 && <p class="note">{needle === '' ? 'Waiting for stations…' : 'No station matches.'}</p>}
    </div>
  );
}

const maxRows = 300;
const byName = new Intl.Collator();
