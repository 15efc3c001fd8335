"""People of the sample streets: bodies, clothes, hair, gait and poses as plain meshes. No renderer needed."""
