/** Why a new password is refused. */
export function passwordSentence(
  mistake: "short" | "long" | "common" | "context",
  minimumCharacters: number,
): string {
  return {
    short: `Password: use at least ${minimumCharacters} characters.`,
    long: "Password: use 200 characters or fewer.",
    common: "Password: this one is too common. Choose another, such as four unrelated words.",
    context: `Password: without words that anybody would guess here, such as the names of your organisation or this campaign, ${minimumCharacters} characters must be left.`,
  }[mistake];
}
