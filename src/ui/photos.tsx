import type { ComponentChildren } from 'preact';

export interface Photo {
  /** Address of the small picture. */
  readonly src: string;
  /** Address of the whole picture; none: it cannot be opened. */
  readonly href?: string;
  /** Of the small picture, in pixels: the page keeps its place before it is there. */
  readonly width: number;
  readonly height: number;
  /** What there is to see, for those who do not see it. */
  readonly alt: string;
  readonly caption?: ComponentChildren;
}

/** Photos side by side, each opening in full. Not for decoration: use none then. */
export function Photos(props: { photos: readonly Photo[] }) {
  if (props.photos.length === 0) return null;
  return (
    <ul class="photos">
      {props.photos.map((photo) => (
        <li key={photo.src}>
          <figure>
            {photo.href ? (
              <a href={photo.href}>
                <Thumbnail {...photo} />
              </a>
            ) : (
              <Thumbnail {...photo} />
            )}
            {photo.caption && <figcaption>{photo.caption}</figcaption>}
          </figure>
        </li>
      ))}
    </ul>
  );
}

/** One small picture, loaded when it comes into view. */
export function Thumbnail(props: Photo) {
  return (
    <img
      class="thumbnail"
      src={props.src}
      width={props.width}
      height={props.height}
      alt={props.alt}
      loading="lazy"
      decoding="async"
    />
  );
}
