/** The operator's system text and the rule for inserting it into a Messages request. */
@NullMarked
package dev.warder.prompt;

import org.jspecify.annotations.NullMarked;
