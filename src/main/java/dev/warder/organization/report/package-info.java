/**
 * The reports of usage and of cost in the shape of Anthropic's Admin API.
 *
 * <p>{@link dev.warder.organization.report.UsageReportQuery} and {@link dev.warder.organization.report.CostReportQuery} make a
 * {@link dev.warder.organization.report.ReportQuery} of the parameters of a request. For it {@link
 * dev.warder.organization.report.Reports} reads the sums of the ledger: {@code BucketPage} reads one bucket of time after the
 * other until the page is full, and {@code CostRows} divides the cost of a group into its parts. The records whose names end with
 * {@code Document} are the JSON.
 *
 * <p>The words of the reports are Anthropic's, and the names are Warder's own: {@code api_key_id} is a client, {@code
 * workspace_id} the team that paid for it.
 */
@NullMarked
package dev.warder.organization.report;

import org.jspecify.annotations.NullMarked;
