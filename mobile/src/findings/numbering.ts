// Numbers the regions of all networks by place, and tells which networks mark each place.

import { Box, Finding } from "../results";
import { Region } from "./regions";

/** What carries one number: its findings' box, and who marks it. */
export interface Place {
  number: number;
  box: Box;
  networks: string[];
}

interface Marked {
  network: string;
  region: Region;
}

/** Findings of each network, by number; `pixels` of the whole picture. */
export function numberFindings(
  regions: Map<string, Region[]>,
  pixels: number,
  overlapLimit: number,
): Map<string, Finding[]> {
  const findings = new Map<string, Finding[]>([...regions.keys()].map((name) => [name, []]));
  const places = joined(regions, overlapLimit).sort(compare);
  places.forEach((place, index) => {
    const networks = [...new Set(place.map((mark) => mark.network))].sort();
    for (const { network, region } of place) {
      findings.get(network)?.push({
        number: index + 1,
        box: region.box,
        areaPixels: region.area,
        areaPercent: (100 * region.area) / pixels,
        mean: region.mean,
        networks,
      });
    }
  });
  return findings;
}

/** The places of numbered findings, of whatever network, by number. */
export function placesOf(findings: Finding[]): Place[] {
  const numbers = [...new Set(findings.map((finding) => finding.number))].sort((a, b) => a - b);
  return numbers.map((number) => {
    const found = findings.filter((finding) => finding.number === number);
    return { number, box: around(found.map(({ box }) => box)), networks: found[0].networks };
  });
}

/** IoU of two regions, 0 to 1. */
export function overlap(first: Region, second: Region): number {
  const left = Math.max(first.box.x, second.box.x);
  const right = Math.min(first.box.x + first.box.width, second.box.x + second.box.width);
  const top = Math.max(first.box.y, second.box.y);
  const bottom = Math.min(first.box.y + first.box.height, second.box.y + second.box.height);
  let shared = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) shared += pixelAt(first, x, y) & pixelAt(second, x, y);
  }
  return shared / (first.area + second.area - shared);
}

function pixelAt({ box, pixels }: Region, x: number, y: number): number {
  return pixels[(y - box.y) * box.width + x - box.x];
}

/** The regions, those that overlap one of another network's put together with it. */
function joined(regions: Map<string, Region[]>, limit: number): Marked[][] {
  let places: Marked[][] = [];
  for (const [network, found] of regions) {
    for (const region of found) {
      const meets = (place: Marked[]) =>
        place.some((mark) => mark.network !== network && overlap(region, mark.region) >= limit);
      const touched = places.filter(meets);
      places = places.filter((place) => !touched.includes(place));
      places.push([...touched.flat(), { network, region }]);
    }
  }
  return places;
}

/** Agreed places first, then by mean over all their pixels, then by position. */
function compare(first: Marked[], second: Marked[]): number {
  const rank = (place: Marked[]) => {
    const area = place.reduce((sum, { region }) => sum + region.area, 0);
    const mean = place.reduce((sum, { region }) => sum + region.mean * region.area, 0) / area;
    const { x, y, width, height } = around(place.map(({ region }) => region.box));
    return [place.length === 1 ? 1 : 0, -mean, x, y, width, height];
  };
  const [a, b] = [rank(first), rank(second)];
  const place = a.findIndex((value, i) => value !== b[i]);
  return place < 0 ? 0 : a[place] - b[place];
}

function around(boxes: Box[]): Box {
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}
