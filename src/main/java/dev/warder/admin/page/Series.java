package dev.warder.admin.page;

import java.util.List;

/**
 * One series of a plot, a value for each slot. Immutable.
 *
 * @param title in the legend
 * @param color the number of its colour, from 1; a constant of the style sheet
 * @param values not negative; negative ones mean that nothing is known
 * @param texts the values as people read them
 */
record Series(String title, int color, List<Double> values, List<String> texts) {
    Series {
        values = List.copyOf(values);
        texts = List.copyOf(texts);
    }
}
