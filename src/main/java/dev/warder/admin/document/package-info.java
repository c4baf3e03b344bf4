/**
 * The JSON and CSV that programs read below {@code /admin/api} about budgets and reconciliation. Pure functions of the reports that
 * the pages show too. Amounts are US dollars as text, so that no program rounds them.
 */
@NullMarked
package dev.warder.admin.document;

import org.jspecify.annotations.NullMarked;
