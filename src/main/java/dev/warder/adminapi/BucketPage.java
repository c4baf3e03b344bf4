package dev.warder.adminapi;

import dev.warder.adminapi.ReportQuery.Position;
import dev.warder.ledger.DatabaseGroups;
import dev.warder.ledger.DatabaseGroups.Dimension;
import dev.warder.ledger.DatabaseGroups.Group;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One page of a report: buckets with their groups, read from the ledger piece by piece. However many rows and groups there
 * are, it keeps a limited number of groups, those that come first. A page that has as many ends within a bucket, and the
 * next one goes on there. A page that takes too long has fewer buckets than were asked for. One thread at a time.
 */
final class BucketPage {
    /** The most rows that a database adds at once, and the most groups that it may keep for that. */
    static final int PIECE = 20_000;

    /** The first piece has this many rows, and each has twice as many as the one before: a small page needs few. */
    private static final int FIRST_PIECE = 2500;

    private static final Duration USUAL = Duration.ofSeconds(4);

    /** A page without a whole bucket fails after this time, before its response ends. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private final DatabaseGroups ledger;
    private final ReportQuery query;
    private final int most;
    private final LongSupplier nanoTime;
    private final Duration width;
    private final Set<Dimension> read = EnumSet.noneOf(Dimension.class);
    private final Position after;
    private final Instant last;
    private final Instant to;
    private int rows = FIRST_PIECE;
    private final TreeMap<Position, DatabaseGroups.Sums> kept = new TreeMap<>(Position.ORDER);

    /** A bucket with its groups, which have the names that the query asks for. */
    record Bucket(Instant starts, Instant ends, List<Group> groups) {
        Bucket {
            groups = List.copyOf(groups);
        }
    }

    /**
     * The numbers that were read.
     *
     * @param next where the next page begins; empty after the last one
     */
    record Buckets(List<Bucket> buckets, Optional<Position> next) {
        Buckets {
            buckets = List.copyOf(buckets);
        }
    }

    BucketPage(DatabaseGroups ledger, ReportQuery query, int most, Instant now, LongSupplier nanoTime) {
        this.ledger = ledger;
        this.query = query;
        this.most = most;
        this.nanoTime = nanoTime;
        width = query.width().length;
        read.addAll(query.grouping().by());
        read.addAll(query.grouping().only().keySet());
        after = query.after().orElseGet(() -> position(query.starting()));
        var current = floor(now).plus(width);
        last = query.ending().map(this::floor).filter(current::isAfter).orElse(current);
        var full = after.bucket().plus(width.multipliedBy(query.limit()));
        to = full.isBefore(last) ? full : last;
    }

    /**
     * Reads the page.
     *
     * @param wanted whether the caller still waits
     * @throws SQLTimeoutException when not even one bucket can be read in time
     * @throws SQLException when the database cannot be read now
     */
    Buckets read(BooleanSupplier wanted) throws SQLException {
        long began = nanoTime.getAsLong();
        var at = after.bucket();
        while (at.isBefore(to) && !isFull(at)) {
            long passed = nanoTime.getAsLong() - began;
            if (passed > USUAL.toNanos() && floor(at).isAfter(after.bucket())) {
                break;
            }
            if (passed > LONGEST.toNanos()) {
                throw new SQLTimeoutException("a bucket has too many rows");
            }
            if (!wanted.getAsBoolean()) {
                throw new CancellationException();
            }
            at = readPiece(at);
        }
        return at.isBefore(to) ? upTo(floor(at)) : upTo(to);
    }

    private Instant readPiece(Instant from) throws SQLException {
        var end = ledger.pieceEnd(from, to, rows)
                // As many rows may have ended within a millisecond, which is what the ledger distinguishes.
                .map(found -> found.isAfter(from) ? found : from.plusMillis(1))
                .filter(to::isAfter)
                .orElse(to);
        ledger.read(new DatabaseGroups.Query(from, end, width, read), this::add);
        rows = Math.min(2 * rows, PIECE);
        return end;
    }

    private void add(Group group) {
        var names = new ArrayList<String>();
        for (var dimension : Dimension.values()) {
            String name = group.name(dimension);
            if (dimension == Dimension.GEO && name.equals(ReportQuery.NO_GEO)) {
                name = "";
            }
            var wanted = query.grouping().only().get(dimension);
            if (wanted != null && !wanted.contains(name)) {
                return;
            }
            names.add(query.grouping().by().contains(dimension) ? name : "");
        }
        var place = new Position(group.starts(), names);
        if (Position.ORDER.compare(place, after) > 0) {
            kept.merge(place, group.sums(), DatabaseGroups.Sums::plus);
            if (kept.size() > most + 1) {
                kept.pollLastEntry();
            }
        }
    }

    private boolean isFull(Instant at) {
        if (kept.size() <= most) {
            return false;
        }
        var lastShown = kept.lowerKey(kept.lastKey());
        return lastShown != null && lastShown.bucket().isBefore(floor(at));
    }

    private Buckets upTo(Instant done) {
        var groups = kept.headMap(position(done), false);
        if (groups.size() <= most) {
            return buckets(groups, done, done.isBefore(last) ? Optional.of(position(done)) : Optional.empty());
        }
        var extra = groups.lastKey();
        var shown = groups.headMap(extra, false);
        var end = shown.lastKey();
        return end.bucket().equals(extra.bucket())
                ? buckets(shown, end.bucket().plus(width), Optional.of(end))
                : buckets(shown, extra.bucket(), Optional.of(position(extra.bucket())));
    }

    private static Position position(Instant bucket) {
        return new Position(bucket, List.of());
    }

    private Buckets buckets(Map<Position, DatabaseGroups.Sums> groups, Instant end, Optional<Position> next) {
        var byBucket = groups.entrySet().stream()
                .map(each -> new Group(each.getKey().bucket(), each.getKey().names(), each.getValue()))
                .collect(Collectors.groupingBy(Group::starts));
        return new Buckets(
                Stream.iterate(after.bucket(), start -> start.isBefore(end), start -> start.plus(width))
                        .map(start -> new Bucket(start, start.plus(width), byBucket.getOrDefault(start, List.of())))
                        .toList(),
                next);
    }

    private Instant floor(Instant time) {
        return query.width().floor(time);
    }
}
