/**
 * The pages below {@code /admin/}, and {@code /me}. A page is a query, a record and a template of {@code src/main/jte}, which
 * becomes a class of this build. Names of clients, models and sessions come from clients:
 * {@link dev.warder.admin.page.Templates} escapes all text. No page needs a script; one small script replaces the panels of two
 * pages every few seconds.
 *
 * <p>{@link dev.warder.admin.page.Dashboard} reads a {@code Snapshot} for the page {@code /admin/}. Each {@code Panel} makes a
 * headline, a plot and a table of it; the table is shown with the plot and is the panel's CSV. The package knows no request and
 * no response: the package {@code admin} authenticates callers and sends what is rendered here.
 */
@NullMarked
package dev.warder.admin.page;

import org.jspecify.annotations.NullMarked;
