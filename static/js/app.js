/* What every staff page runs. Each module documents its data-… hooks at its top. */
import "./csrf.js";
import "./dialogs.js";
import "./forms.js";
import "./live.js";
import "./menus.js";
import "./palette.js";
import "./rows.js";
import "./shortcuts.js";
import "./sidebar.js";
import "./tabs.js";
import "./toasts.js";
