/* The page of one record. */
import "./composer.js";
import "./countdown.js";
import "./frames.js";
import "./place.js";
import "./templates.js";
