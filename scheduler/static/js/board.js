/* The roster board: binds its behaviours to the page.  Without this file every card is a link to a page with forms. */
import { bindDayTabs } from "./board_days.js";
import { bindKeys } from "./board_keys.js";
import { bindPointer } from "./board_pointer.js";
import { BoardPage } from "./board_page.js";
import { Carrying } from "./carrying.js";
import { bindSessionPanel } from "./session_panel.js";

for (const root of document.querySelectorAll("[data-board-page]")) {
  const page = new BoardPage(root);
  const carrying = new Carrying(page);
  bindKeys(page, carrying);
  bindPointer(page, carrying);
  bindDayTabs(page);
  bindSessionPanel(page);
}
