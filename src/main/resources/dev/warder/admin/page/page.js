// Replaces the panels every few seconds while the page is visible. The page works without it.
(function () {
  'use strict';
  var SECONDS = 5;
  var panels = document.getElementById('panels');
  var live = document.getElementById('refresh');

  function keep(from, to) {
    from.querySelectorAll('details[open]').forEach(function (open) {
      var same = to.querySelector('#' + open.id);
      if (same) {
        same.open = true;
      }
    });
  }

  function scrolled(part) {
    return Array.prototype.map.call(part.querySelectorAll('.wide'), function (each) {
      return [each.id, each.scrollLeft, each.scrollTop];
    });
  }

  function replace(text) {
    var fresh = Array.prototype.slice.call(new DOMParser().parseFromString(text, 'text/html').body.children);
    var ids = fresh.map(function (part) { return part.id; });
    fresh.forEach(function (part) {
      var old = document.getElementById(part.id);
      if (!old && part.id) {
        // New since the page was made, such as the first budget.
        panels.appendChild(document.adoptNode(part));
        return;
      }
      if (!old || old.parentNode !== panels) {
        return;
      }
      keep(old, part);
      if (old.outerHTML === part.outerHTML) {
        return;
      }
      var focus = old.contains(document.activeElement) ? document.activeElement.id : '';
      var places = scrolled(old);
      old.replaceWith(document.adoptNode(part));
      places.forEach(function (place) {
        var again = document.getElementById(place[0]);
        if (again) {
          again.scrollLeft = place[1];
          again.scrollTop = place[2];
        }
      });
      if (focus && document.getElementById(focus)) {
        document.getElementById(focus).focus({preventScroll: true});
      }
    });
    Array.prototype.slice.call(panels.children).forEach(function (part) {
      if (ids.indexOf(part.id) < 0) {
        part.remove();
      }
    });
  }

  function later() {
    setTimeout(refresh, SECONDS * 1000);
  }

  function refresh() {
    if (document.hidden || !live.checked) {
      later();
      return;
    }
    fetch(panels.dataset.from, {headers: {accept: 'text/html'}, cache: 'no-store'})
      .then(function (response) {
        if (response.status === 401) {
          location.reload();
        }
        return response.ok ? response.text() : '';
      })
      .then(function (text) {
        if (text && live.checked) {
          replace(text);
        }
      })
      .catch(function () {
        // The node stops, or the network is away: the next attempt may succeed.
      })
      .then(later);
  }

  live.parentNode.hidden = false;
  later();
})();
