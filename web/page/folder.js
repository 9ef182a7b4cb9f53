// Modules and files do not load from a folder: there this plain script takes the page from one that holds all of it.
"use strict";
if (location.protocol === "file:") {
  const whole = document.createElement("script");
  whole.src = "from-folder.js";
  whole.onerror = () => {
    document.getElementById("from-folder").hidden = false;
    document.getElementById("drop").disabled = true;
  };
  document.head.append(whole);
}
