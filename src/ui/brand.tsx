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
        <span>{props.city}</span>
      </span>
    </span>
  );
}

const arches = [0, 1, 2, 3, 4, 5, 6];

/** The city over its river: towers, the arched bridge, the island's monastery, wheat. Drawn by us, decorative. */
export function CityScene() {
  return (
    <svg class="city-scene" viewBox="0 0 960 360" preserveAspectRatio="xMidYMax slice" aria-hidden="true">
      <circle class="s-sun" cx="700" cy="150" r="92" />
      <circle class="s-halo" cx="700" cy="150" r="128" />
      {/* far bank */}
      <path
        class="s-far"
        d="M0 214h70v-38h22v-22h34v60h28v-84h18v-10h14v10h18v84h34v-46h44v46h30v-70h12l14-18 14 18h12v70h56v-34h60v34h60v-58h34v58h54v-30h40v30h42v-96h16v-14h10v14h16v96h48v-44h44v44h90v-28h46v28h80v90H0Z"
      />
      {/* the sail of the embankment hotel and the dome of the circus */}
      <path
        class="s-mid"
        d="M118 236c4-60 18-104 58-136 14 44 18 92 16 136ZM264 236a56 44 0 0 1 112 0ZM318 192l2-22 2 22Z"
      />
      <path class="s-mid" d="M0 236h960v24H0ZM430 236v-44h22v-14h14v14h30v44ZM548 236v-30h64v30Z" />
      {/* monastery on its island */}
      <path
        class="s-near"
        d="M760 262c30-22 84-30 128-22 30 6 52 14 72 22ZM826 240v-46h-8l16-12 16 12h-8v46ZM832 182c-8-8-4-14 2-20 6 6 10 12 2 20Z"
      />
      <path class="s-gold" d="M832 182c-8-8-5-15 2-21 7 6 10 13 2 21Zm1-21v-10h2v10Zm-3-8h8v2h-8Z" />
      {/* water */}
      <path class="s-water" d="M0 258h960v102H0Z" />
      <path
        class="s-wave"
        d="M0 282q40-10 80 0t80 0 80 0 80 0 80 0 80 0 80 0 80 0 80 0 80 0 80 0 80 0M-40 306q40-10 80 0t80 0 80 0 80 0 80 0 80 0 80 0 80 0 80 0 80 0 80 0 80 0"
      />
      <path class="s-glint" d="M640 270h120v4H640ZM662 290h84v4h-84ZM680 312h48v4h-48Z" />
      {/* the arched bridge */}
      <path class="s-bridge" d="M0 226h760v10H0Z" />
      {arches.map((n) => (
        <path key={n} class="s-arch" d={`M${n * 108 + 4} 280V262a50 36 0 0 1 100 0V280`} />
      ))}
      {/* wheat */}
      <path class="s-wheat" d="M0 360v-30q60-16 140-10t180 12 200 8 220-2 220-16v38Z" />
    </svg>
  );
}
