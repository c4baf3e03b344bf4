/** The operator's system text and the rule by which it gets into a Messages request. */
@NullMarked
package dev.warder.prompt;

import org.jspecify.annotations.NullMarked;
