"""How far a look is shifted against the background: a camera that shakes on its pole."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.detectors.static_object.features import Features, Mask, Plane
from pipeline.detectors.static_object.measures import median_of

Places = npt.NDArray[np.intp]

_STEPS = 8
_LEAST_SHIFT_PX = 0.2
_MOST_SHIFT = 0.03  # of the width; more is a turned camera, which is the pose guard's business
_CONTRAST = 40.0
_CALM = 2.0  # units of 1 %: with no more misfit than this the pictures lie on each other


def shift_of(look: Features, ground: Features, seen: Mask) -> tuple[float, float]:
    """Shift (x, y) in pixels of the look against the background; (0, 0) where it is too small to matter or can't be told.

    Gauss-Newton on local contrast at half size, so that light plays no part; pixels that don't fit (something
    stands there now) lose their weight.
    """
    there, here = _local_contrast(ground.brightness), _local_contrast(look.brightness)
    weight: Plane = np.asarray(cv2.resize(seen.astype(np.float32), there.shape[1::-1], interpolation=cv2.INTER_AREA), np.float32)
    weight[weight < 0.99] = 0
    weight[:2] = weight[-2:] = 0
    weight[:, :2] = weight[:, -2:] = 0
    if float(weight.mean()) < 0.1:
        return 0.0, 0.0
    weighed = np.flatnonzero(weight)
    misfit, shift = _refined(here, there, weight, weighed, np.zeros(2))
    if misfit > _CALM or float(np.abs(shift).max()) > 1:
        # Far off or lost: a second try from where the spectra say that it is. phaseCorrelate writes into what it is given.
        (x, y), response = cv2.phaseCorrelate(there.copy(), np.where(weight > 0, here, there), _window(there.shape))
        if response > 0.1 and max(abs(x), abs(y)) < _MOST_SHIFT * there.shape[1]:
            misfit, shift = min((misfit, shift), _refined(here, there, weight, weighed, np.array([x, y])), key=lambda pair: pair[0])
    x, y = 2 * float(shift[0]), 2 * float(shift[1])
    small, large = max(abs(x), abs(y)) < _LEAST_SHIFT_PX, max(abs(x), abs(y)) > 2 * _MOST_SHIFT * there.shape[1]
    if small or large or misfit > 0.9 * _misfit(here, there, weighed):
        return 0.0, 0.0
    return x, y


def _local_contrast(brightness: Plane) -> Plane:
    half = cv2.resize(brightness, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    contrast = half - cv2.boxFilter(half, -1, (15, 15))
    return np.asarray(cv2.GaussianBlur(np.clip(contrast, -_CONTRAST, _CONTRAST), (3, 3), 0), np.float32)


def _refined(here: Plane, there: Plane, weight: Plane, weighed: Places, start: npt.NDArray[np.float64]) -> tuple[float, Plane]:
    """Misfit and shift after a few steps from ``start``; ``weighed`` are the flat places at which there is a weight."""
    shift = start.astype(np.float64)
    slope_x = cv2.Sobel(there, cv2.CV_32F, 1, 0, scale=0.125)
    slope_y = cv2.Sobel(there, cv2.CV_32F, 0, 1, scale=0.125)
    for _ in range(_STEPS):
        off = _moved(here, shift) - there
        far = np.abs(off)
        limit = max(2.0, 3 * 1.48 * median_of(far.take(weighed)))
        fit = weight * (far < limit)
        fit_x, fit_y = fit * slope_x, fit * slope_y
        xx, xy, yy = float((fit_x * slope_x).sum()), float((fit_x * slope_y).sum()), float((fit_y * slope_y).sum())
        bx, by = float((fit_x * off).sum()), float((fit_y * off).sum())
        # A ridge of one unit of slope per pixel keeps a picture without structure where it is.
        xx, yy = xx + float(fit.sum()), yy + float(fit.sum())
        determinant = xx * yy - xy * xy
        step = np.array([(yy * bx - xy * by) / determinant, (xx * by - xy * bx) / determinant])
        shift = shift - np.clip(step, -1.5, 1.5)
        if float(np.abs(step).max()) < 0.04:
            break
    return _misfit(_moved(here, shift), there, weighed), shift.astype(np.float32)


def _moved(here: Plane, shift: npt.NDArray[np.float64]) -> Plane:
    matrix = np.array([[1, 0, -shift[0]], [0, 1, -shift[1]]], np.float32)
    return np.asarray(cv2.warpAffine(here, matrix, here.shape[1::-1], borderMode=cv2.BORDER_REPLICATE), np.float32)


def _misfit(here: Plane, there: Plane, weighed: Places) -> float:
    return float(np.minimum(np.abs(here - there), 10.0).take(weighed).mean())


@lru_cache(maxsize=4)
def _window(shape: tuple[int, int]) -> Plane:
    return np.asarray(cv2.createHanningWindow(shape[::-1], cv2.CV_32F), np.float32)
