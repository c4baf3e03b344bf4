package dev.warder.reconciliation.report;

/**
 * What both reports group by. A part that is not known, or that a report does not have, is empty. Immutable.
 *
 * @param workspace empty for the default workspace
 * @param model the name in the report
 * @param tier {@code standard}, {@code batch} and so on
 * @param context the context window
 * @param geo the place of the inference
 */
record Cell(String workspace, String model, String tier, String context, String geo) {
    private static final String NO_GEO = "not_available";

    Cell {
        geo = geo.equals(NO_GEO) ? "" : geo;
    }
}
