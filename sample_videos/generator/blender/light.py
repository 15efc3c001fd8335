"""Sky, sun, lamps and wet ground in Blender's scene."""

from __future__ import annotations

import math

import bpy
import numpy as np
from mathutils import Vector

from sample_videos.generator.blender.workshop import Workshop
from sample_videos.generator.sky import COLUMNS, ROWS, Lighting

GROUND = ("ground", "road", "kerb")
"""Materials whose names begin like this get wet."""


class LightRig:
    """The lights of one scene; set as often as the light changes."""

    def __init__(self, workshop: Workshop) -> None:
        self._scene = workshop.scene
        world = bpy.data.worlds.new("sky")
        world.use_nodes = True
        self._scene.world = world
        nodes = world.node_tree.nodes
        self._image = bpy.data.images.new("sky", COLUMNS, ROWS, float_buffer=True, is_data=True)
        texture = nodes.new("ShaderNodeTexEnvironment")
        texture.image = self._image
        world.node_tree.links.new(texture.outputs[0], nodes["Background"].inputs[0])
        self._lights: list[bpy.types.Object] = []

    def set(self, light: Lighting) -> None:
        """Replace sky, sun and lamps."""
        pixels = np.ones((ROWS, COLUMNS, 4), np.float32)
        pixels[..., :3] = light.sky
        self._image.pixels.foreach_set(pixels.ravel())
        self._image.update()
        for one in self._lights:
            bpy.data.lights.remove(one.data)
        self._lights = []
        if max(light.sun) > 0:
            self._add_sun(light)
        for lamp in light.lamps:
            strength = max(lamp.colour)
            data = bpy.data.lights.new("lamp", "POINT")
            # Blender's watts are the flux through the whole sphere of one metre around the lamp.
            data.energy = strength * 4 * math.pi
            data.color = [value / strength for value in lamp.colour]
            data.shadow_soft_size = 0.12
            self._link(data).location = lamp.place

    def _add_sun(self, light: Lighting) -> None:
        strength = max(light.sun)
        data = bpy.data.lights.new("sun", "SUN")
        data.energy = strength
        data.color = [value / strength for value in light.sun]
        data.angle = light.sun_angle
        sun = self._link(data)
        sun.rotation_mode = "QUATERNION"
        sun.rotation_quaternion = Vector(light.towards_sun).to_track_quat("Z", "Y")

    def _link(self, data: bpy.types.Light) -> bpy.types.Object:
        one = bpy.data.objects.new(data.name, data)
        self._scene.collection.objects.link(one)
        self._lights.append(one)
        return one


def wet_the_ground() -> None:
    """Darken every ground material and let puddles mirror. Cannot be undone: a street is built wet or dry."""
    for material in bpy.data.materials:
        if material.name.startswith(GROUND) and material.use_nodes:
            _wet(material)


def _wet(material: bpy.types.Material) -> None:
    tree = material.node_tree
    shader = next((node for node in tree.nodes if node.type == "BSDF_PRINCIPLED"), None)
    if shader is None:
        return
    base = shader.inputs["Base Color"]
    darker = tree.nodes.new("ShaderNodeMix")
    darker.data_type, darker.blend_type = "RGBA", "MULTIPLY"
    first, second, result = darker.inputs[6], darker.inputs[7], darker.outputs[2]
    darker.inputs[0].default_value = 1.0
    first.default_value = base.default_value
    second.default_value = (0.46, 0.46, 0.48, 1)
    if base.is_linked:
        tree.links.new(base.links[0].from_socket, first)
    tree.links.new(result, base)
    place = tree.nodes.new("ShaderNodeTexCoord")
    noise = tree.nodes.new("ShaderNodeTexNoise")
    noise.inputs["Scale"].default_value = 0.7
    ramp = tree.nodes.new("ShaderNodeValToRGB")
    ramp.color_ramp.elements[0].position, ramp.color_ramp.elements[0].color = 0.42, (0.06, 0.06, 0.06, 1)
    ramp.color_ramp.elements[1].position, ramp.color_ramp.elements[1].color = 0.62, (0.38, 0.38, 0.38, 1)
    tree.links.new(place.outputs["Object"], noise.inputs["Vector"])
    tree.links.new(noise.outputs["Fac"], ramp.inputs["Fac"])
    tree.links.new(ramp.outputs["Color"], shader.inputs["Roughness"])
    shader.inputs["Specular IOR Level"].default_value = 0.6
