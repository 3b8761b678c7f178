export type WindRoseProps = { readonly fromDeg: number | undefined; readonly words: string; readonly gust: string };

/** Where the wind comes from, on a compass. */
export function WindRose({ fromDeg, words, gust }: WindRoseProps) {
  return (
    <figure class="rose">
      <svg viewBox="-50 -50 100 100" role="img" aria-label={`Wind ${words} ${gust}`}>
        <circle r={40} />
        {[0, 45, 90, 135, 180, 225, 270, 315].map((degrees) => (
          <path key={degrees} d="M0 -40V-36" transform={`rotate(${degrees})`} />
        ))}
        <text y={-42}>N</text>
        {fromDeg !== undefined && (
          <path class="needle" d="M0 -30L7 20L0 13L-7 20Z" transform={`rotate(${fromDeg + 180})`} />
        )}
      </svg>
      <figcaption>
        {words}
        <br />
        <span class="faint">{gust}</span>
      </figcaption>
    </figure>
  );
}
