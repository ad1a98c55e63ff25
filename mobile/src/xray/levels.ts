// Gray values of 16 bits as gray levels, as fracturelens/xray/levels.py.

import type { ContrastLimits } from "../networks/contract";
import { histogram, lookUp, naturalShares, toUint8 } from "./contrast";
import { Gray } from "./gray";

/** Gray levels for a person and the networks alike. */
export function grayOfDeep(deep: Gray<Uint16Array>, limits: ContrastLimits): Gray {
  const values = Float64Array.from({ length: 65536 }, (_, value) => value);
  const shares = naturalShares(values, histogram(deep.pixels, 65536), limits);
  return { ...deep, pixels: lookUp(deep.pixels, toUint8(shares)) };
}
