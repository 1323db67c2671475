/**
 * The mark: the river turning through a block of concrete, with the sun of the steppe. The letters are plain text, so
 * that they grow with the reader's font size and any city can put its own name.
 */
export function Wordmark(props: { city: string }) {
  return (
    <span class="wordmark">
      <svg viewBox="0 0 40 40" aria-hidden="true">
        <path class="mark-block" d="M0 0h40v40H0z" />
        <path class="mark-sun" d="M40 0v16A16 16 0 0 1 24 0Z" />
        <path
          class="mark-river"
          d="M0 15c9 0 12 3 14 9s6 8 12 8h14v8H24C12 40 8 35 6.5 29 5.5 25 4 23 0 23Z"
        />
        <path class="mark-bank" d="M0 28c2 0 2.5 1 3 3 1.5 5 4 7.5 8 9H0Z" />
      </svg>
      <span class="wordmark-text">
        <b>місто</b>
        {props.city && <span>{props.city}</span>}
      </span>
    </span>
  );
}

const spans = [0, 1, 2, 3, 4, 5, 6, 7, 8];
/** Foot, lean and height of each ear of wheat; uneven, but the same at every drawing. */
const ears = Array.from({ length: 44 }, (_, n) => ({
  x: n * 22 + (n % 3) * 5,
  lean: (n % 5) - 2,
  tall: 20 + ((n * 7) % 13),
}));
const stalks = ears.map(({ x, lean, tall }) => `M${x} 362l${lean}-${tall}`).join('');
/** Three pairs of grains, like a fishbone, and the tip. */
const grains = ears
  .map(({ x, lean, tall }) => `M${x + lean - 4} ${352 - tall}l4 4 4-4m-8-5 4 4 4-4m-8-5 4 4 4-4m-4 4v-9`)
  .join('');

/** The city over its river: towers, the arched bridge, the island's monastery, wheat. Drawn by us, decorative. */
export function CityScene() {
  return (
    <svg class="city-scene" viewBox="0 0 960 360" preserveAspectRatio="xMaxYMax slice" aria-hidden="true">
      <circle class="s-halo" cx="690" cy="150" r="132" />
      <circle class="s-sun" cx="690" cy="150" r="90" />
      <path
        class="s-far"
        d="M0 214h70v-38h22v-22h34v60h28v-74h18v-10h14v10h18v74h34v-46h44v46h30v-50h12l14-18 14 18h12v50h56v-34h60v34h60v-58h34v58h54v-30h40v30h42v-96h16v-14h10v14h16v96h48v-44h44v44h30v-28h46v28h40v90H0Z"
      />
      <path
        class="s-window"
        d="M570 174h22M688 150v60m16-60v60m72-30h28m-28 14h28M174 160v50M96 172h26M330 180h20"
      />
      <path
        class="s-mid"
        d="M0 232h960v32H0ZM414 236v-46h20v-12h16v12h26v46ZM540 236v-30h64v30ZM268 236a54 42 0 0 1 108 0ZM320 196l2-20 2 20ZM120 236c4-54 18-92 54-122 14 40 18 82 16 122Z"
      />
      <path class="s-window" d="M548 214h48m-48 12h48M424 196v36m16-36v36m16-36v36" />
      <path class="s-water" d="M0 256h960v104H0Z" />
      <path
        class="s-wave"
        d="M0 300q40-9 80 0t80 0 80 0 80 0 80 0 80 0 80 0 80 0 80 0 80 0 80 0 80 0M-40 320q40-9 80 0t80 0 80 0 80 0 80 0 80 0 80 0 80 0 80 0 80 0 80 0 80 0"
      />
      <path class="s-glint" d="M630 294h120v4H630ZM652 308h76v4h-76ZM668 322h44v4h-44Z" />
      <path class="s-deck" d="M0 222h960v8H0Z" />
      {spans.map((span) => (
        <g key={span} transform={`translate(${span * 110 - 14})`}>
          <path class="s-bridge" d="M17 230v30M31 230v14M45 230v8M69 230v8M83 230v14M97 230v30" />
          <path class="s-rib" d="M5 284C12 226 102 226 109 284" />
          <path class="s-deck" d="M-4 230H4v56h-8Z" />
        </g>
      ))}
      <path class="s-near" d="M764 300c24-24 60-34 104-30 44 4 70 14 96 26v8H764Z" />
      <path class="s-near" d="M842 274v-52h-9l18-13 18 13h-9v52ZM812 274v-28h26v28ZM866 276v-24h24v24Z" />
      <path class="s-gold" d="M851 210c-9-9-6-17 0-23 6 6 9 14 0 23ZM850 188v-12h2v12ZM847 179h8v2h-8Z" />
      <path class="s-wheat" d="M0 362v-26q60-14 140-8t180 10 200 6 220-4 220-14v36Z" />
      <path class="s-ears" d={stalks} />
      <path class="s-grain" d={grains} />
    </svg>
  );
}
