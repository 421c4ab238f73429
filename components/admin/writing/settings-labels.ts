const TARGET: Readonly<Record<string, string>> = {
  key: "short name",
  name: "name",
  role: "role",
  country: "country",
};

/** Returns what a field of the settings form is called. */
export function settingsLabel(field: string, nameOf: (language: string) => string): string {
  const [kind = "", which = "", name = ""] = field.split(".");
  switch (kind) {
    case "goal":
      return "Goal, in signatures";
    case "language":
      return nameOf(which);
    case "colour":
      return which === "main" ? "Main colour" : "Colour of buttons";
    case "target":
      return `Target ${Number(which) + 1}: ${TARGET[name] ?? name}`;
    default:
      return field;
  }
}
