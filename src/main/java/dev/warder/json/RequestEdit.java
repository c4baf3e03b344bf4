package dev.warder.json;

import dev.warder.body.Chunks;
import dev.warder.body.Splice;
import dev.warder.json.JsonOutline.FoundMember;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A change to a collected body, as splices of the original. Edits can be combined: each reads the original body, never the
 * result of another edit. Where two replace the same bytes the later one counts, and only one may add a member to an object
 * without members, or that loses all of them. Implementations keep no state, so that a body can be sent again.
 */
@FunctionalInterface
public interface RequestEdit {
    List<Splice> splices(JsonOutline outline, Chunks body);

    /** Both changes. Where both insert at one position, this edit's text comes first. */
    default RequestEdit then(RequestEdit next) {
        return (outline, body) -> both(splices(outline, body), next.splices(outline, body));
    }

    /** The splices of two edits of one body, in their order. A change of bytes that {@code last} replaces is left out. */
    static List<Splice> both(List<Splice> first, List<Splice> last) {
        var both = new ArrayList<>(first);
        both.removeIf(each -> last.stream().anyMatch(over -> over.from() < each.to() && each.from() < over.to()));
        both.addAll(last);
        both.sort(Comparator.comparingLong(Splice::from).thenComparingLong(Splice::to));
        return List.copyOf(both);
    }

    /**
     * The splices that take members out of their objects, or elements out of their arrays, each with a comma beside it.
     *
     * @param members in their order; one within another is taken out with it
     */
    static List<Splice> cut(List<FoundMember> members, Chunks body) {
        var cuts = new ArrayList<Splice>();
        for (int i = 0; i < members.size(); ) {
            long from = members.get(i).from();
            long to = members.get(i).value().to();
            // Neighbours go together: of the commas around them, one stays.
            while (++i < members.size()
                    && (members.get(i).from() < to || members.get(i).from() <= afterComma(body, to))) {
                to = Math.max(to, members.get(i).value().to());
            }
            long before = skip(body, from - 1, -1);
            boolean isFirst = body.at(before) != ',';
            cuts.add(new Splice(isFirst ? from : before, isFirst ? afterComma(body, to) : to, new byte[0]));
        }
        return cuts;
    }

    /** The position after a comma and white space; {@code at} where no comma follows. */
    private static long afterComma(Chunks body, long at) {
        long comma = skip(body, at, 1);
        return body.at(comma) == ',' ? skip(body, comma + 1, 1) : at;
    }

    private static long skip(Chunks body, long from, int step) {
        long at = from;
        while (body.at(at) <= ' ' && body.at(at) >= 0) {
            at += step;
        }
        return at;
    }
}
