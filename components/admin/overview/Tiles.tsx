/** Figures in large print, each with its name below. */
export function Tiles({ tiles }: { tiles: readonly (readonly [name: string, value: string])[] }) {
  return (
    <ul className="tiles">
      {tiles.map(([name, value]) => (
        <li key={name}>
          <b>{value}</b>
          {name}
        </li>
      ))}
    </ul>
  );
}
