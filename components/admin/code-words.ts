/** Why a code was refused. */
export const CODE_NOT_TAKEN =
  "Code: this code was not accepted. Each code works once, and only while the app shows it. Enter the next one. After many failures, wait longer.";
export const CLOCK_IS_OFF =
  "Code: this code is a few minutes early or late. Set your phone's clock to automatic, then enter the next code.";
