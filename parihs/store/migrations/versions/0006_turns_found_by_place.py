"""turns are found by where they stand in their text"""

from __future__ import annotations

from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('turn', schema=None) as batch_op:
        batch_op.drop_index('ix_turn_version_id')
        batch_op.create_index('ix_turn_place', ['version_id', 'start', 'end'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('turn', schema=None) as batch_op:
        batch_op.drop_index('ix_turn_place')
        batch_op.create_index('ix_turn_version_id', ['version_id'], unique=False)
