// The one script of every page: htmx for parts of pages, and the elements that add feel.
import "../../npm/htmx.esm.min.js";
import "./boosting.js";
import "./editing.js";
import "./menus.js";
import "./elements/board.js";
import "./elements/complete.js";
import "./elements/draft.js";
import "./elements/grid.js";
import "./elements/keys.js";
import "./elements/live.js";
import "./elements/lookup.js";
import "./elements/palette.js";
import "./elements/rules.js";
import "./elements/selection.js";
import "./elements/theme.js";
import "./elements/toast.js";
