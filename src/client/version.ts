/** What this SDK calls itself to servers. */
export const sdkName = 'tickwire-js/0.1.0';
