/**
 * The page {@code /admin/}: what this node does, who uses it, and what that costs. It is rendered on the server, with plots in
 * SVG, so that it needs no script; one small script replaces the panels every few seconds.
 *
 * <p>{@link dev.warder.admin.page.BudgetsPage} is the page {@code /admin/budgets}, in the same frame.
 *
 * <p>{@link dev.warder.admin.page.Dashboard} reads a {@code Snapshot} and renders it. Each {@code Panel} makes a headline, a plot
 * and a table of it; the table is shown with the plot and is the panel's CSV. Names of clients, models and sessions come from
 * clients: all text goes through {@link dev.warder.admin.page.Html}. The package knows no request and no response: the package
 * {@code admin} authenticates callers and sends what is rendered here.
 */
@NullMarked
package dev.warder.admin.page;

import org.jspecify.annotations.NullMarked;
