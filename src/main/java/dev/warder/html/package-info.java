/**
 * Pages that Warder shows to people. {@link dev.warder.html.Html} is the only class that turns text into HTML, and
 * {@link dev.warder.html.Page} is the frame of small pages.
 */
@NullMarked
package dev.warder.html;

import org.jspecify.annotations.NullMarked;
