import type { Numbering } from "@/components/campaign/blocks/reading";
import { Words } from "@/components/campaign/blocks/Words";
import type { Text } from "@/lib/document";
import type { PictureSources } from "@/lib/pictures";

/** Width of the text column on wide screens; below that, a picture is as wide as the window. */
const SIZES = "(min-width: 44rem) 42rem, 100vw";

type PictureProps = Numbering & { sources: PictureSources; alternative: string; caption: Text };

/** A picture with its caption. It is loaded once it is near the window, and its place is kept until then. */
export function Picture({ sources, alternative, caption, ...numbering }: PictureProps) {
  const { widths, types, width, height, url } = sources;
  const set = (type: (typeof types)[number]) =>
    widths.map((each) => `${url(each, type)} ${each}w`).join(", ");
  const fallback = types.at(-1);
  const widest = Math.max(...widths);
  if (fallback === undefined || widths.length === 0) return null;
  return (
    <figure>
      <picture>
        {types.slice(0, -1).map((type) => (
          <source key={type} type={type} srcSet={set(type)} sizes={SIZES} />
        ))}
        <img
          src={url(widest, fallback)}
          srcSet={set(fallback)}
          sizes={SIZES}
          width={width}
          height={height}
          alt={alternative}
          loading="lazy"
        />
      </picture>
      {caption.length === 0 ? null : (
        <figcaption>
          <Words text={caption} {...numbering} />
        </figcaption>
      )}
    </figure>
  );
}
