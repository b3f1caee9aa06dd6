/* The page of one record. */
import "./composer.js";
import "./countdown.js";
import "./frames.js";
import "./mentions.js";
import "./place.js";
import "./presence.js";
import "./templates.js";
