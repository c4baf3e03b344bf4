package dev.warder.json;

import dev.warder.body.Chunks;
import dev.warder.json.JsonOutline.FoundMember;
import dev.warder.json.JsonOutline.Member;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The members of a body that the scan of its outline finds in addition, by their paths: names with a dot between them, and {@code []}
 * for each element of an array, such as {@code metadata.user_id} and {@code tools[].type}. A node of the tree of all paths. Immutable.
 */
public final class MemberPaths {
    private static final String ELEMENT = "[]";
    private static final MemberPaths NOWHERE = new MemberPaths();

    private final Map<String, MemberPaths> below = new HashMap<>();

    /** Empty for a node that only leads to others. */
    private String path = "";

    private MemberPaths() {}

    public static MemberPaths of(Collection<String> paths) {
        var root = new MemberPaths();
        for (var path : paths) {
            var node = root;
            for (var step : path.replace(ELEMENT, "." + ELEMENT).split("\\.")) {
                node = node.below.computeIfAbsent(step, none -> new MemberPaths());
            }
            node.path = path;
        }
        return root;
    }

    private MemberPaths child(String step) {
        return below.getOrDefault(step, NOWHERE);
    }

    Search search(Chunks body) {
        return new Search(this, body);
    }

    /** Follows the scan of one body. One thread at a time. */
    static final class Search {
        private static final int MOST = 1000;
        private static final int LONGEST_TEXT = 256;

        private final Chunks body;
        private final List<FoundMember> found = new ArrayList<>();
        private Container open = new Container(null, NOWHERE, false, 0, 0);

        /** The node of the member that was named last; in the beginning that of the body. */
        private MemberPaths member;

        private long nameFrom;

        /** An open object or array. */
        private record Container(
                @Nullable Container outer, MemberPaths node, boolean isArray, long memberFrom, long from) {}

        private Search(MemberPaths root, Chunks body) {
            this.member = root;
            this.body = body;
        }

        /** In the order of the body; empty where there are too many. */
        Optional<List<FoundMember>> found() {
            found.sort(Comparator.comparingLong(FoundMember::from));
            return found.size() > MOST ? Optional.empty() : Optional.of(List.copyOf(found));
        }

        void open(JsonKind kind, long at) {
            open = new Container(open, node(), kind == JsonKind.ARRAY, memberFrom(at), at);
        }

        void close(JsonKind kind, long at) {
            var closed = open;
            open = Objects.requireNonNull(closed.outer);
            add(closed.node, closed.memberFrom, kind, closed.from, at + 1);
        }

        void name(String known, long from, long to) {
            boolean isRead = known.isEmpty() && !open.node.below.isEmpty() && to - from <= LONGEST_TEXT;
            member = open.node.child(isRead ? new JsonText(body, from, to).value() : known);
            nameFrom = from;
        }

        void scalar(JsonKind kind, long from, long to) {
            add(node(), memberFrom(from), kind, from, to);
        }

        private MemberPaths node() {
            return open.isArray ? open.node.child(ELEMENT) : member;
        }

        private long memberFrom(long valueFrom) {
            return open.isArray ? valueFrom : nameFrom;
        }

        private void add(MemberPaths node, long memberFrom, JsonKind kind, long from, long to) {
            if (!node.path.isEmpty() && found.size() <= MOST) {
                boolean isText = kind == JsonKind.STRING && to - from <= LONGEST_TEXT;
                var text = isText ? Optional.of(new JsonText(body, from, to).value()) : Optional.<String>empty();
                found.add(new FoundMember(node.path, memberFrom, new Member(kind, from, to), text));
            }
        }
    }
}
