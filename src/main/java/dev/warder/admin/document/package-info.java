/**
 * What programs read and send below {@code /admin/api} about budgets, reconciliation and bookings: records with the members of the
 * JSON, and CSV. Pure functions of what other packages know.
 *
 * <p>{@link dev.warder.admin.document.BudgetDocument} and {@link dev.warder.admin.document.ReconciliationDocument} are made of the
 * reports that the pages show too. {@link dev.warder.admin.document.ReconciliationCsv} writes reconciliation as CSV. {@link
 * dev.warder.admin.document.BookingForm} reads what is to be booked, and {@link dev.warder.admin.document.BookingDocument} is what
 * was booked. Amounts are US dollars as text, so that no program rounds them.
 */
@NullMarked
package dev.warder.admin.document;

import org.jspecify.annotations.NullMarked;
