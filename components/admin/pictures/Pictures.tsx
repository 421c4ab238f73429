import type { FormAction } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { FileField, Submit, TextField } from "@/components/admin/kit/fields";
import { Moment } from "@/components/admin/kit/Moment";
import { TimesShown } from "@/components/admin/TimesShown";
import { Wide } from "@/components/admin/Wide";
import type { ListedPicture } from "@/lib/pictures";
import { sizeInWords, tooLargePicture, usedWhere } from "./picture-words";

type Shown = ListedPicture & {
  /** Path of a small rendition. */
  thumbnail: string | null;
};

type PicturesProps = {
  pictures: readonly Shown[];
  limitBytes: number;
  /** Media types that are taken. */
  types: readonly string[];
  /** Null for those who may only look. */
  actions: { add: FormAction; remove: FormAction } | null;
};

/** A campaign's pictures, to add and remove. */
export function Pictures({ pictures, limitBytes, types, actions }: PicturesProps) {
  return (
    <>
      <h1>Pictures</h1>
      <p>
        A document shows a picture by its name: <code>{':::picture{name="gate.jpg" alternative="…"}'}</code>.
        Where and with what a picture was taken, and all else that cameras write into files, is removed before
        it is stored. Whoever knows the address of a picture can open it, also before a page shows it.
      </p>
      {actions === null ? null : <AddForm limitBytes={limitBytes} types={types} add={actions.add} />}
      <h2>Pictures of this campaign</h2>
      {pictures.length === 0 ? (
        <p>There are no pictures yet.</p>
      ) : (
        <>
          <TimesShown />
          <List pictures={pictures} remove={actions?.remove ?? null} />
        </>
      )}
    </>
  );
}

type AddFormProps = Pick<PicturesProps, "limitBytes" | "types"> & { add: FormAction };

function AddForm({ limitBytes, types, add }: AddFormProps) {
  return (
    <>
      <h2>Add a picture</h2>
      <DeskForm name="add-picture" action={add} label="Add a picture">
        <FileField
          name="file"
          label="File"
          hint="A still picture as JPEG, PNG, WebP or AVIF, at most 10 MB."
          accept={types.join(",")}
          limitBytes={limitBytes}
          tooLarge={tooLargePicture(limitBytes)}
          required
        />
        <TextField
          name="name"
          label="Name"
          hint="Small letters, digits and dashes, such as gate-at-torkham.jpg. Without one, it is made of the file’s name."
          autoComplete="off"
          spellCheck={false}
        />
        <Submit>Add</Submit>
      </DeskForm>
    </>
  );
}

function List({ pictures, remove }: { pictures: readonly Shown[]; remove: FormAction | null }) {
  return (
    <Wide label="Pictures of this campaign">
      <table>
        <thead>
          <tr>
            <th scope="col">Picture</th>
            <th scope="col">Name</th>
            <th scope="col">Size</th>
            <th scope="col">What a reader loads</th>
            <th scope="col">Shown in</th>
            <th scope="col">Added</th>
            {remove === null ? null : <td />}
          </tr>
        </thead>
        <tbody>
          {pictures.map((picture) => (
            <Row key={picture.name} picture={picture} remove={remove} />
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function Row({ picture, remove }: { picture: Shown; remove: FormAction | null }) {
  const { name, thumbnail, width, height, bytes, loads, uses, addedAt, addedBy } = picture;
  return (
    <tr>
      <td>
        {/* The name beside it says what it is. */}
        {thumbnail === null ? null : <img src={thumbnail} alt="" className="thumbnail" loading="lazy" />}
      </td>
      <th scope="row">{name}</th>
      <td>
        {width.toLocaleString("en")} × {height.toLocaleString("en")} pixels, {sizeInWords(bytes)}
      </td>
      <td>
        {sizeInWords(loads.least)} to {sizeInWords(loads.most)}
      </td>
      <td>
        {uses.length === 0 ? (
          "nothing"
        ) : (
          <ul>
            {uses.map((use) => (
              <li key={usedWhere(use)}>{usedWhere(use)}</li>
            ))}
          </ul>
        )}
      </td>
      <td>
        <Moment at={addedAt} format="day" />, <bdi>{addedBy}</bdi>
      </td>
      {remove === null ? null : (
        <td>
          {uses.length > 0 ? null : (
            <DeskForm name={`remove-${name}`} action={remove} hidden={{ name }} className="inline">
              <Submit className="quiet">Remove</Submit>
            </DeskForm>
          )}
        </td>
      )}
    </tr>
  );
}
