/** The API version of Docker 26.1, which the simulated engine speaks. */
export const API_VERSION = '1.45';
