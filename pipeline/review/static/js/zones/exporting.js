// The draft as a file: what the page holds, whether it could be saved or not. It needs no server, so that a session that ended loses nothing.
import { make } from "./elements.js";
import { featuresOf } from "./zones.js";
import { text } from "../texts.js";

const DIGITS = 1e5;
const KEEP_MS = 60000;

export function exportDraft(board) {
  const { camera, draft, drawing, say } = board;
  if (drawing.isActive) {
    say(text("zones.finish_first"));
    return;
  }
  const name = `${camera.id}-draft-${stamp(new Date())}.geojson`;
  const url = URL.createObjectURL(new Blob([fileOf(board, draft.zones)], { type: "application/geo+json" }));
  const link = make("a", { href: url, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), KEEP_MS);
  say(text("zones.did.draft_exported", { name }));
}

// As a zone file is: one zone a line.
function fileOf({ base, camera, view }, zones) {
  const about = {
    camera_id: camera.id,
    version: `${base.next_version}-draft`,
    author: camera.author,
    drawn_on: new Intl.DateTimeFormat("en-CA", { timeZone: base.timezone }).format(new Date()),
    reason: text("zones.export_reason"),
    reference: base.reference || null,
    picture_px: view.size,
    timezone: base.timezone,
  };
  const lines = featuresOf(zones).map((feature) => `    ${JSON.stringify(closed(feature))}`);
  return `{\n  "type": "FeatureCollection",\n  "doorline": ${JSON.stringify(about)},\n  "features": [\n${lines.join(",\n")}\n  ]\n}\n`;
}

// Rings end where they begin; vertices as fine as zone files have them.
function closed(feature) {
  const ring = feature.geometry.coordinates[0].map((vertex) => vertex.map((number) => Math.round(number * DIGITS) / DIGITS));
  return { ...feature, geometry: { ...feature.geometry, coordinates: [ring.length ? [...ring, ring[0]] : ring] } };
}

function stamp(at) {
  const two = (number) => String(number).padStart(2, "0");
  return `${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}-${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`;
}
