/** The gateway's version. CHANGELOG.md says what is new in it. */
export const VERSION = "0.2.0";
