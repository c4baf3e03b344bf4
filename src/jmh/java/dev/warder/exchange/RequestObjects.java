package dev.warder.exchange;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * Lists the objects that a request of {@link ExchangeBenchmark} makes: by class, by the first class of Warder on the stack, and by
 * the line there. Needs {@code -XX:-UseTLAB}, with which the flight recorder sees each object. The arguments are the number of
 * events, as in the benchmark, of requests that are recorded, and of lines of each list.
 */
final class RequestObjects {
    private static final int WARM_UP = 30;
    private static final String EVENT = "jdk.ObjectAllocationOutsideTLAB";
    private static final String OWN = "dev.warder.";

    private long count;
    private long bytes;

    private RequestObjects() {}

    public static void main(String[] arguments) throws Exception {
        var benchmark = new ExchangeBenchmark();
        benchmark.events = Integer.parseInt(arguments[0]);
        int requests = Integer.parseInt(arguments[1]);
        int lines = Integer.parseInt(arguments[2]);
        var classes = ManagementFactory.getClassLoadingMXBean();
        int before = classes.getLoadedClassCount();
        benchmark.deploy();
        int deployed = classes.getLoadedClassCount();
        benchmark.exchange();
        int served = classes.getLoadedClassCount();
        System.out.printf("classes: %d before, %d deployed, %d after a response%n", before, deployed, served);
        for (int i = 0; i < WARM_UP * requests; i++) {
            benchmark.exchange();
        }
        var file = Files.createTempFile("warder", ".jfr");
        try (var recording = new Recording()) {
            recording.enable(EVENT).withStackTrace();
            recording.start();
            for (int i = 0; i < requests; i++) {
                benchmark.exchange();
            }
            recording.stop();
            recording.dump(file);
        }
        benchmark.undeploy();
        var byClass = new HashMap<String, RequestObjects>();
        var byMaker = new HashMap<String, RequestObjects>();
        var byLine = new HashMap<String, RequestObjects>();
        try (var events = new RecordingFile(file)) {
            while (events.hasMoreEvents()) {
                var event = events.readEvent();
                var frame = event.getEventType().getName().equals(EVENT) ? maker(event) : null;
                if (frame != null) {
                    String made = ((RecordedClass) event.getClass("objectClass")).getName();
                    var method = frame.getMethod();
                    String maker = method.getType().getName().substring(OWN.length());
                    add(byClass, made, event);
                    add(byMaker, maker.replaceFirst("\\$.*", ""), event);
                    add(byLine, made + " " + maker + "." + method.getName() + ":" + frame.getLineNumber(), event);
                }
            }
        }
        Files.delete(file);
        print(byClass, requests, lines);
        print(byMaker, requests, lines);
        print(byLine, requests, lines);
    }

    /** The first frame of Warder; null if there is none. */
    private static RecordedFrame maker(RecordedEvent event) {
        var stack = event.getStackTrace();
        if (stack != null) {
            for (var frame : stack.getFrames()) {
                if (frame.getMethod().getType().getName().startsWith(OWN)) {
                    return frame;
                }
            }
        }
        return null;
    }

    private static void add(Map<String, RequestObjects> by, String key, RecordedEvent event) {
        var objects = by.computeIfAbsent(key, unused -> new RequestObjects());
        objects.count++;
        objects.bytes += event.getLong("allocationSize");
    }

    private static void print(Map<String, RequestObjects> by, int requests, int lines) {
        var all = new RequestObjects();
        by.values().forEach(each -> {
            all.count += each.count;
            all.bytes += each.bytes;
        });
        all.print("all", requests);
        by.entrySet().stream()
                .sorted(Comparator.comparingLong(entry -> -entry.getValue().bytes))
                .limit(lines)
                .forEach(entry -> entry.getValue().print(entry.getKey(), requests));
    }

    private void print(String what, double requests) {
        System.out.printf("%9.2f %9.1f  %s%n", count / requests, bytes / requests, what);
    }
}
