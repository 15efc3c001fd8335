// The item page: pictures, verdict, keys.
import "./keys.js";
import "./dialogs.js";
import { show } from "./notice.js";
import { keepRow, leadBack } from "./place.js";
import { startPhotos } from "./photos.js";
import { preloadNext } from "./preload.js";
import { Stage } from "./stage.js";
import { start } from "./verdict.js";

const page = document.getElementById("case");
leadBack();
keepRow(page.dataset.id);
show();
start();
startPhotos();
new Stage();
preloadNext(page.dataset.next);

// On paper nothing can be unfolded.
addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("main details")) fold.open = true;
});
