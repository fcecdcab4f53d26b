// Loaded into the app by a journey: every download fails as on a machine without a network, whatever the machine has.
globalThis.fetch = () => Promise.reject(new TypeError('fetch failed'))
