// The one script of every page: htmx for parts of pages, and the elements that add feel.
import "../../npm/htmx.esm.min.js";
import "./editing.js";
import "./elements/grid.js";
import "./elements/keys.js";
import "./elements/toast.js";
import "./elements/draft.js";
import "./elements/lookup.js";
import "./elements/live.js";
import "./menus.js";
