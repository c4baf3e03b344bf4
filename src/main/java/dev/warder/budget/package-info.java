/** Budgets: how much clients may spend. */
@NullMarked
package dev.warder.budget;

import org.jspecify.annotations.NullMarked;
