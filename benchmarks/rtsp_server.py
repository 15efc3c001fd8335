"""A street of RTSP cameras: a few films in turn under many names, each in real time. Needs Debian's gst-rtsp-server.

Run by the system's Python, which has the bindings:
``/usr/bin/python3 benchmarks/rtsp_server.py CAMERAS PORT FILM...``. Says ``ready`` when it serves
``rtsp://127.0.0.1:PORT/camN`` for N from 0.
"""

import sys

try:
    import gi

    gi.require_version("Gst", "1.0")
    gi.require_version("GstRtspServer", "1.0")
    from gi.repository import GLib, Gst, GstRtspServer
except (ImportError, ValueError) as err:
    sys.exit(f"gst-rtsp-server is missing: {err}")


_APART = 0.618034
_GROUP_NS = 2_000_000_000


def put_off(_factory: GstRtspServer.RTSPMediaFactory, media: GstRtspServer.RTSPMedia, share: float) -> None:
    """Real cameras do not send their key frames all at the same moment: each begins by another share of a group later."""
    media.get_element().get_by_name("pay0").get_static_pad("src").set_offset(int(share * _GROUP_NS))


def main() -> None:
    """Serve until killed."""
    cameras, port, films = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    Gst.init(None)
    server = GstRtspServer.RTSPServer(address="127.0.0.1", service=port)
    for number in range(cameras):
        factory = GstRtspServer.RTSPMediaFactory()
        factory.connect("media-constructed", put_off, number * _APART % 1)
        film = films[number % len(films)]
        factory.set_launch(f"( filesrc location={film} ! qtdemux ! h264parse ! rtph264pay name=pay0 pt=96 config-interval=-1 )")
        server.get_mount_points().add_factory(f"/cam{number}", factory)
    server.attach(None)
    print("ready", flush=True)
    GLib.MainLoop().run()


if __name__ == "__main__":
    main()
