/**
 * The built WAR on unpacked application servers, each a process of its own with the files of {@code conf/}: one contract
 * for all of them. Run by {@code mvn verify -Pservers} only.
 */
@NullMarked
package dev.warder.servers;

import org.jspecify.annotations.NullMarked;
